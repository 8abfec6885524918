import { DuetError } from '../../../errors.js';

/**
 * Reads the values of an RTMP command, in AMF0.
 *
 * @throws DuetError 'invalid_message' for bytes that are not such values, or are nested too deeply.
 */
export function decodeAmf(bytes: Buffer): readonly AmfValue[] {
  const reader = new AmfReader(bytes);
  const values: AmfValue[] = [];
  while (!reader.isAtEnd) values.push(reader.value(0));
  return values;
}

/** Writes values of an RTMP command in AMF0; every number is written as a double. */
export function encodeAmf(...values: readonly AmfValue[]): Buffer {
  return Buffer.concat(values.map(encodeValue));
}

/** What a command can say. */
export type AmfValue = number | boolean | string | null | AmfObject;

/** Values by name. */
interface AmfObject {
  readonly [name: string]: AmfValue;
}

/** Types of AMF0, by their first byte. */
const number = 0;
const boolean = 1;
const text = 2;
const object = 3;
const nothing = 5;
const undefinedValue = 6;
const namedArray = 8;
const objectEnd = 9;
const list = 10;
const longText = 12;

/** Senders nest one object in a command. */
const deepest = 4;

class AmfReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  value(depth: number): AmfValue {
    if (depth > deepest) throw malformed();
    const type = this.#take(1).readUInt8();
    switch (type) {
      case number:
        return this.#take(8).readDoubleBE();
      case boolean:
        return this.#take(1).readUInt8() !== 0;
      case text:
        return this.#text(2);
      case longText:
        return this.#text(4);
      case nothing:
      case undefinedValue:
        return null;
      case namedArray:
        this.#take(4);
        return this.#object(depth);
      case object:
        return this.#object(depth);
      case list:
        return this.#list(depth);
      default:
        throw malformed();
    }
  }

  #object(depth: number): AmfObject {
    const entries: [string, AmfValue][] = [];
    for (;;) {
      const name = this.#text(2);
      if (name === '' && this.#bytes[this.#at] === objectEnd) break;
      entries.push([name, this.value(depth + 1)]);
    }
    this.#at += 1;
    return Object.fromEntries(entries);
  }

  #list(depth: number): AmfObject {
    const length = this.#take(4).readUInt32BE();
    // Each value takes a byte at least.
    if (length > this.#bytes.length - this.#at) throw malformed();
    return Object.fromEntries(Array.from({ length }, (_, index) => [index, this.value(depth + 1)]));
  }

  #text(lengthBytes: 2 | 4): string {
    const length = this.#take(lengthBytes).readUIntBE(0, lengthBytes);
    return this.#take(length).toString('utf8');
  }

  #take(length: number): Buffer {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw malformed();
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }
}

function malformed(): DuetError {
  return new DuetError('invalid_message', 'sent an RTMP command that cannot be read');
}

function encodeValue(value: AmfValue): Buffer {
  if (value === null) return Buffer.from([nothing]);
  if (typeof value === 'number') return encodeNumber(value);
  if (typeof value === 'boolean') return Buffer.from([boolean, Number(value)]);
  if (typeof value === 'string') return Buffer.concat([Buffer.from([text]), shortText(value)]);
  const entries = Object.entries(value).flatMap(([name, each]) => [shortText(name), encodeValue(each)]);
  return Buffer.concat([Buffer.from([object]), ...entries, shortText(''), Buffer.from([objectEnd])]);
}

function encodeNumber(value: number): Buffer {
  const bytes = Buffer.alloc(9);
  bytes.writeDoubleBE(value, 1);
  return bytes;
}

function shortText(value: string): Buffer {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
