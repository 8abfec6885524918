import { DuetError } from '../../../errors.js';
import type { ByteReader } from './byte-reader.js';

/**
 * The messages of an RTMP connection after its handshake, put together from their chunks, until it ends.
 *
 * @throws DuetError 'invalid_message' for chunks that cannot be, 'too_large' for a message above the bounds.
 */
export async function* readRtmpMessages(bytes: ByteReader): AsyncGenerator<RtmpMessage, void, void> {
  const channels = new Map<number, Channel>();
  let chunkSize = 128;
  for (;;) {
    const channel = await readHeader(bytes, channels);
    if (channel === undefined) return;
    const part = await bytes.take(Math.min(chunkSize, channel.length - channel.have));
    if (part === undefined) return;
    channel.parts.push(part);
    channel.have += part.length;
    requireRoom(channels);
    if (channel.have < channel.length) continue;
    const message = complete(channel);
    if (message.type === setChunkSize) chunkSize = readSize(message.payload);
    else if (message.type === abort) forget(channels.get(readSize(message.payload)));
    else yield message;
  }
}

/** Writes a message in one chunk, which the receiver must have been told to expect ({@link chunkSizeOut}). */
export function encodeRtmpMessage({ type, streamId, payload }: Omit<RtmpMessage, 'timestamp'>): Buffer {
  const header = Buffer.alloc(12);
  header[0] = type < firstMediaType ? controlChannel : commandChannel;
  header.writeUIntBE(payload.length, 4, 3);
  header[7] = type;
  header.writeUInt32LE(streamId, 8);
  return Buffer.concat([header, payload]);
}

/** A message of RTMP. */
export interface RtmpMessage {
  readonly type: number;
  readonly streamId: number;
  /** Milliseconds on the sender's clock. */
  readonly timestamp: number;
  readonly payload: Buffer;
}

/** Bytes in a chunk of ours; all that we say fits into one. */
export const chunkSizeOut = 4096;

const setChunkSize = 1;
const abort = 2;
const firstMediaType = 8;
const controlChannel = 2;
const commandChannel = 3;

/** Messages whose chunks may be interleaved; senders use four. */
const maxChannels = 16;

/** A key frame in 4K has some 2 MB. */
const maxMessageBytes = 8 * 1024 ** 2;

/** Bytes of messages that are not complete. */
const maxPendingBytes = 16 * 1024 ** 2;

/** Messages that share a channel: each header leaves out what is as in the one before. */
interface Channel {
  type: number;
  streamId: number;
  timestamp: number;
  /** What the last header said of the time: the time itself, or the step from the message before. */
  timeField: number;
  length: number;
  parts: Buffer[];
  have: number;
}

/** Reads a chunk's header into its channel; undefined when the connection has ended. */
async function readHeader(bytes: ByteReader, channels: Map<number, Channel>): Promise<Channel | undefined> {
  const first = (await bytes.take(1))?.readUInt8();
  if (first === undefined) return undefined;
  const format = first >> 6;
  const id = await channelId(bytes, first & 63);
  const header = await bytes.take([11, 7, 3, 0][format] ?? 0);
  if (id === undefined || header === undefined) return undefined;
  const channel = channelOf(channels, id, format);
  const begins = channel.have === 0;
  if (!begins && format !== 3) throw malformed('a message inside another');
  if (header.length >= 3) channel.timeField = header.readUIntBE(0, 3);
  if (header.length >= 7) {
    channel.length = header.readUIntBE(3, 3);
    channel.type = header.readUInt8(6);
  }
  if (header.length >= 11) channel.streamId = header.readUInt32LE(7);
  if (channel.length > maxMessageBytes) throw tooLarge();
  const time = channel.timeField === extended ? (await bytes.take(4))?.readUInt32BE() : channel.timeField;
  if (time === undefined) return undefined;
  if (begins) channel.timestamp = (format === 0 ? time : channel.timestamp + time) >>> 0;
  return channel;
}

/** The value of a time field whose time follows in four bytes. */
const extended = 0xffffff;

async function channelId(bytes: ByteReader, short: number): Promise<number | undefined> {
  if (short > 1) return short;
  const more = await bytes.take(short + 1);
  if (more === undefined) return undefined;
  return 64 + (short === 0 ? more.readUInt8() : more.readUInt16LE());
}

function channelOf(channels: Map<number, Channel>, id: number, format: number): Channel {
  const known = channels.get(id);
  if (known !== undefined) return known;
  if (format !== 0) throw malformed('a chunk that continues nothing');
  if (channels.size >= maxChannels) throw malformed(`more than ${maxChannels} channels`);
  const channel = { type: 0, streamId: 0, timestamp: 0, timeField: 0, length: 0, parts: [], have: 0 };
  channels.set(id, channel);
  return channel;
}

function complete(channel: Channel): RtmpMessage {
  const { type, streamId, timestamp, parts } = channel;
  forget(channel);
  return { type, streamId, timestamp, payload: Buffer.concat(parts) };
}

function forget(channel: Channel | undefined): void {
  if (channel === undefined) return;
  channel.parts = [];
  channel.have = 0;
}

function requireRoom(channels: ReadonlyMap<number, Channel>): void {
  let pending = 0;
  for (const { have } of channels.values()) pending += have;
  if (pending > maxPendingBytes) throw tooLarge();
}

function readSize(payload: Buffer): number {
  const size = payload.length < 4 ? 0 : payload.readUInt32BE() & 0x7fffffff;
  if (size === 0) throw malformed('a size of nothing');
  return size;
}

function malformed(what: string): DuetError {
  return new DuetError('invalid_message', `sent RTMP that cannot be read: ${what}`);
}

function tooLarge(): DuetError {
  return new DuetError('too_large', `sent a message of more than ${maxMessageBytes / 1024 ** 2} MiB`);
}
