import type * as Onnx from 'onnxruntime-node';

// ONNX Runtime 1.30 keeps a device id and a database of events in the user's cache, writes a log into the
// temporary folder and looks up a collector's host, unless this is set before its library is loaded. Nothing
// of ours phones home, so it is not a setting.
process.env['ORT_DISABLE_TELEMETRY'] = '1';

/** ONNX Runtime, loaded without its telemetry: the one way to it, for tests and tools too. */
export const onnx: typeof Onnx = await import('onnxruntime-node');

export type { Onnx };
