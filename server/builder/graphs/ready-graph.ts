import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import onnxProto from 'onnx-proto';
import type { onnx } from 'onnx-proto';
import { DuetError } from '../../errors.js';

/**
 * Copies a graph that a checkpoint brings along to the model, after looking at it: it must be one ONNX file
 * with its weights inside, and take and give what the runtime will ask of it. Throws `DuetError` 'not_found'
 * without the file, 'invalid_request' for another.
 */
export async function copyReadyGraph(
  from: string,
  to: string,
  name: string,
  expected: GraphShape,
): Promise<void> {
  const path = join(from, `${name}.onnx`);
  const bytes = await readBounded(path);
  const { graph } = decode(path, bytes);
  if (!graph) throw new DuetError('invalid_request', `${path} holds no graph.`);
  const outside = (graph.initializer ?? []).find(
    ({ dataLocation }) => dataLocation === TensorProto.DataLocation.EXTERNAL,
  );
  if (outside) {
    throw new DuetError(
      'invalid_request',
      `${path} keeps the weight "${(outside.name ?? '').slice(0, 200)}" in another file; save the graph with its weights inside.`,
    );
  }
  const constants = new Set((graph.initializer ?? []).map((tensor) => tensor.name));
  const inputs = (graph.input ?? []).filter((input) => !constants.has(input.name));
  requireValues(path, 'input', inputs, expected.inputs);
  requireValues(path, 'output', graph.output ?? [], expected.outputs);
  await writeFile(join(to, `${name}.onnx`), bytes, { flag: 'wx' });
}

/** The float32 inputs and outputs of a graph by name: how many numbers each has of one frame. */
interface GraphShape {
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  readonly outputs: Readonly<Record<string, readonly number[]>>;
}

const { ModelProto, TensorProto } = onnxProto.onnx;

/** Such a graph is a small detector and a few layers; larger ones are built from the checkpoint's tensors. */
const mostBytes = 512 * 1024 * 1024;

async function readBounded(path: string): Promise<Buffer> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new DuetError(
      'not_found',
      `Cannot read ${path}: a checkpoint with a detector as tower brings its graph along.`,
      { cause },
    );
  });
  if (found.size > mostBytes) {
    throw new DuetError('invalid_request', `${path} has ${found.size} bytes; at most ${mostBytes} are read.`);
  }
  return readFile(path);
}

function decode(path: string, bytes: Uint8Array): onnx.IModelProto {
  try {
    return ModelProto.decode(bytes);
  } catch (cause) {
    throw new DuetError('invalid_request', `${path} is not an ONNX file.`, { cause });
  }
}

function requireValues(
  path: string,
  kind: 'input' | 'output',
  values: readonly onnx.IValueInfoProto[],
  expected: GraphShape['inputs'],
): void {
  const found = new Map(values.map((value) => [value.name ?? '', shapeOf(value)]));
  const names = Object.keys(expected);
  const same = kind === 'output' ? names.every((name) => found.has(name)) : sameNames(names, found);
  if (!same) {
    const list = [...found.keys()].join(', ').slice(0, 200);
    throw new DuetError(
      'invalid_request',
      `${path} has the ${kind}s ${list}; a detector's graph has ${names.join(', ')}.`,
    );
  }
  for (const [name, sizes] of Object.entries(expected)) {
    const shape = found.get(name) ?? [];
    if (shape.every((size, index) => size === null || size === sizes[index]) && shape.length === sizes.length)
      continue;
    throw new DuetError(
      'invalid_request',
      `${path}: ${kind} "${name}" has the shape [${['n', ...shape.map((size) => size ?? '?')].join(', ')}]; ` +
        `it must be [n, ${sizes.join(', ')}].`,
    );
  }
}

function sameNames(names: readonly string[], found: ReadonlyMap<string, unknown>): boolean {
  return names.length === found.size && names.every((name) => found.has(name));
}

/** The sizes of one frame's part of a value; null: not fixed. */
function shapeOf({ type }: onnx.IValueInfoProto): readonly (number | null)[] {
  const dimensions = type?.tensorType?.shape?.dim ?? [];
  return dimensions.slice(1).map(({ dimValue }) => (dimValue ? Number(dimValue) : null));
}
