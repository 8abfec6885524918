export {
  plainPicture as fakePicture,
  ScriptedModel as FakeModel,
  scoresByFirstByte,
} from '../../server/runtime/scripted/scripted-model.js';
export type { Script as FakeModelScript } from '../../server/runtime/scripted/script.js';
