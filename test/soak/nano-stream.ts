import { DuetSession } from '../../server/duet/session.js';
import { sessionSettings } from '../../server/duet/settings.js';
import { readManifest } from '../../server/runtime/folder/model-folder.js';
import type { DuetModel } from '../../server/runtime/model.js';
import { OnnxModel } from '../../server/runtime/onnx/model.js';
import type { SessionSettings } from '../../server/settings/session-settings.js';
import type { Picture, VideoFrame } from '../../server/video/frame.js';
import { nanoFolder } from '../bench/nano.js';

/** The bundled model on this thread, so that its cost is the cost of this process. */
export async function loadNano(): Promise<OnnxModel> {
  const options = { threads: 1 };
  return OnnxModel.load(nanoFolder, await readManifest(nanoFolder), options);
}

/** A session on a real clock. */
export function openSoakSession(
  model: DuetModel,
  overrides: Partial<SessionSettings> = {},
): Promise<DuetSession> {
  const settings = sessionSettings(model.capabilities, 'default', overrides);
  return DuetSession.open({ id: 'soak', model, settings, now: () => performance.now() });
}

/** Frame `index` of a stream at 2 frames a second. */
export function frameAt(index: number, picture: Picture): VideoFrame {
  return { index, videoTime: index / 2, picture };
}

/** Element `index` of a list that is repeated for ever. */
export function repeated<Element>(list: readonly Element[], index: number): Element {
  const element = list[index % list.length];
  if (element === undefined) throw new Error('nothing to repeat');
  return element;
}
