import type * as Onnx from 'onnxruntime-node';

// ONNX Runtime 1.30 keeps a device id and an event database in the user's cache, logs to the temporary folder
// and looks up a telemetry host unless this is set before its library loads. It is no setting: Duet never
// phones home.
process.env['ORT_DISABLE_TELEMETRY'] = '1';

/** ONNX Runtime without telemetry. Tests and tools must import it from here too. */
export const onnx: typeof Onnx = await import('onnxruntime-node');

export type { Onnx };
