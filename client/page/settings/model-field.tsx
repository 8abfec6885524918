import type { PageProps } from '../commands.js';
import { suitedTo } from '../state/suited-model.js';

/**
 * Chooses the model, where the server has several: for this video until it starts, and for those after it.
 */
export function ModelField({ view, commands }: PageProps) {
  const { models, wantedModel, phase } = view;
  const suited = suitedTo({ ...view, wantedModel: null });
  const isWatching = phase === 'starting' || phase === 'running' || phase === 'paused';
  return (
    <div class="field" id="model-field" hidden={models.length < 2}>
      <label for="model">Model</label>
      <select
        class="select"
        id="model"
        value={wantedModel ?? ''}
        disabled={isWatching}
        onChange={({ currentTarget }) => {
          commands.useModel(currentTarget.value === '' ? null : currentTarget.value);
        }}
      >
        <option value="">
          {suited === null ? 'What suits the video' : `What suits the video (${suited.name})`}
        </option>
        {models.map(({ name }) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}
