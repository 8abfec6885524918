// The one way to ONNX Runtime, for tests and tools too. The first import must stay first: it is evaluated
// before the library is loaded.
import './telemetry-off.js';

export { InferenceSession, listSupportedBackends, Tensor } from 'onnxruntime-node';
