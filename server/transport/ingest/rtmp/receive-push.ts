import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { DuetError } from '../../../errors.js';
import { decodeAmf, encodeAmf, type AmfValue } from './amf.js';
import { ByteReader } from './byte-reader.js';
import { chunkSizeOut, encodeRtmpMessage, readRtmpMessages, type RtmpMessage } from './messages.js';

/**
 * Receives a stream that an RTMP client publishes, to the end of the connection. Pictures go to what `admit`
 * returns for the client's key; sound and descriptions are left out.
 *
 * @param admit throws to refuse a key.
 * @throws DuetError 'invalid_message' or 'too_large' for what no sender sends, and what `admit` throws.
 */
export async function receivePush(socket: Socket, admit: (key: string) => PushReceiver): Promise<void> {
  const connection = new Connection(socket, admit);
  try {
    await connection.run();
  } finally {
    connection.end();
  }
}

/** Takes the pictures of one sender. */
export interface PushReceiver {
  /** Takes a picture in FLV's form, at `timestamp` milliseconds; resolves when there is room for the next. */
  readonly picture: (timestamp: number, payload: Buffer) => Promise<void>;
  /** The sender said that this was its end. */
  readonly finish: () => void;
  /** The connection is over. */
  readonly end: () => void;
}

/** The application in the address for senders: `rtmp://HOST/live`. */
export const rtmpApplication = 'live';

/** Types of messages. */
const acknowledgement = 3;
const windowSize = 5;
const peerBandwidth = 6;
const video = 9;
const command = 20;
const commandWithFormat = 17;

/** Senders are told to expect an acknowledgement each time they have sent this much. */
const windowBytes = 2_500_000;

/** Bytes that a client may send before it has shown a key. */
const maxBytesBefore = 64 * 1024;

/** What a sender may send: 100 Mbit/s, more than OBS allows, and as much as a network may have held back. */
const maxBytesPerSecond = 12_500_000;
const maxBurst = 32 * 1024 ** 2;

/** Commands are short: those of senders have some 300 bytes. */
const maxCommandBytes = 8192;

class Connection {
  readonly #socket: Socket;
  readonly #admit: (key: string) => PushReceiver;
  readonly #bytes: ByteReader;
  #receiver: PushReceiver | undefined;
  #receivingSince = 0;
  #acknowledged = 0;

  constructor(socket: Socket, admit: (key: string) => PushReceiver) {
    this.#socket = socket;
    this.#admit = admit;
    this.#bytes = new ByteReader(socket, (received) => {
      this.#checkPace(received);
    });
  }

  async run(): Promise<void> {
    if (!(await this.#shakeHands())) return;
    for await (const message of readRtmpMessages(this.#bytes)) {
      await this.#handle(message);
      this.#acknowledge();
    }
  }

  end(): void {
    this.#receiver?.end();
  }

  #checkPace(received: number): void {
    const seconds = (performance.now() - this.#receivingSince) / 1000;
    const most = this.#receiver === undefined ? maxBytesBefore : maxBurst + seconds * maxBytesPerSecond;
    if (received <= most) return;
    const what =
      this.#receiver === undefined ? 'without showing a key' : 'too fast: at most 100 Mbit/s is taken';
    throw new DuetError('too_large', `sent ${received} bytes ${what}`);
  }

  /** The simple handshake, which every sender understands; false when the connection ended meanwhile. */
  async #shakeHands(): Promise<boolean> {
    const version = await this.#bytes.take(1);
    if (version === undefined) return false;
    if (version[0] !== 3) throw new DuetError('invalid_message', 'does not speak RTMP');
    const hello = await this.#bytes.take(handshakeBytes);
    if (hello === undefined) return false;
    // Eight zeros, of which four say that nothing is signed.
    const ours = Buffer.concat([Buffer.alloc(8), randomBytes(handshakeBytes - 8)]);
    this.#socket.write(Buffer.concat([Buffer.from([3]), ours, hello]));
    return (await this.#bytes.take(handshakeBytes)) !== undefined;
  }

  async #handle({ type, timestamp, payload, streamId }: RtmpMessage): Promise<void> {
    if (type === video && payload.length > 0) await this.#receiver?.picture(timestamp, payload);
    if (type !== command && type !== commandWithFormat) return;
    if (payload.length > maxCommandBytes)
      throw new DuetError('too_large', 'sent an RTMP command that is too long');
    const [name, id, argument, key] = decodeAmf(payload.subarray(type === commandWithFormat ? 1 : 0));
    const number = typeof id === 'number' ? id : 0;
    switch (typeof name === 'string' ? name : '') {
      case 'connect':
        this.#connect(number, argument);
        return;
      case 'createStream':
        this.#say(0, '_result', number, null, 1);
        return;
      case 'publish':
        this.#publish(streamId, key);
        return;
      case 'FCUnpublish':
      case 'deleteStream':
      case 'closeStream':
        this.#receiver?.finish();
        return;
      case 'play':
        throw new DuetError('unsupported', 'asked to play a stream: this server only takes streams');
      default:
    }
  }

  #connect(id: number, argument: AmfValue | undefined): void {
    const app = typeof argument === 'object' ? argument?.['app'] : undefined;
    if (typeof app !== 'string' || app.replace(/\/+$/, '') !== rtmpApplication) {
      throw new DuetError('not_found', `asked for another application than /${rtmpApplication}`);
    }
    const size = bytesOf(windowBytes);
    this.#send(windowSize, 0, size);
    this.#send(peerBandwidth, 0, Buffer.concat([size, Buffer.from([2])]));
    this.#send(1, 0, bytesOf(chunkSizeOut));
    const server = { fmsVer: 'FMS/3,0,1,123', capabilities: 31 };
    const code = 'NetConnection.Connect.Success';
    this.#say(0, '_result', id, server, {
      ...{ level: 'status', code, description: 'Connected', objectEncoding: 0 },
    });
  }

  #publish(streamId: number, key: AmfValue | undefined): void {
    if (this.#receiver !== undefined) throw new DuetError('invalid_request', 'published twice');
    const status = (level: string, code: string, description: string): void => {
      this.#say(streamId, 'onStatus', 0, null, { level, code, description });
    };
    try {
      this.#receiver = this.#admit(typeof key === 'string' ? key : '');
    } catch (thrown) {
      status('error', 'NetStream.Publish.BadName', 'This key is not expected here');
      throw thrown;
    }
    this.#receivingSince = performance.now();
    status('status', 'NetStream.Publish.Start', 'Publishing');
  }

  #acknowledge(): void {
    const { received } = this.#bytes;
    if (received - this.#acknowledged < windowBytes) return;
    this.#acknowledged = received;
    this.#send(acknowledgement, 0, bytesOf(received % 2 ** 32));
  }

  #say(streamId: number, ...values: readonly AmfValue[]): void {
    this.#send(command, streamId, encodeAmf(...values));
  }

  #send(type: number, streamId: number, payload: Buffer): void {
    if (this.#socket.writable) this.#socket.write(encodeRtmpMessage({ type, streamId, payload }));
  }
}

const handshakeBytes = 1536;

function bytesOf(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
