import { resolve } from 'node:path';
import { z } from 'zod';
import { requireAddress } from '../../../endpoint/address.js';
import { DuetError } from '../../../errors.js';
import { readJsonFile } from '../../../read-json-file.js';
import type { DecisionWay } from '../deciders/decider.js';
import { modelFileSchema, type ModelFile } from './model-file.js';
import { enginePresetNames, enginePresets, type EnginePreset } from './presets.js';
import type { Prices } from '../engine/spending.js';

/**
 * Reads where a remote model is: `remote:PRESET/MODEL`, `remote:PRESET/MODEL@URL`, or the path of a model
 * file that ends in `.json`. Asks nobody. Throws 'invalid_request' for what it cannot be, 'not_found' for a
 * file that is not there, 'unauthorized' without the key that the engine needs.
 */
export async function readRemotePlace(place: string, environment: Environment): Promise<RemoteDescription> {
  const rest = place.replace(/^remote:/, '');
  const file = rest.endsWith('.json') ? await readModelFile(rest) : fileOf(rest, place);
  const preset: EnginePreset | undefined = file.preset === undefined ? undefined : enginePresets[file.preset];
  const url = file.url ?? preset?.url;
  if (url === undefined) {
    throw new DuetError(
      'invalid_request',
      `${place}: name a "url", or a "preset": ${enginePresetNames.join(', ')}`,
    );
  }
  const keyVariable = file.keyVariable ?? preset?.keyVariable ?? null;
  const named = {
    named: 'the address',
    keyPlace: `put a key into ${keyVariable ?? 'an environment variable'}`,
  };
  requireAddress(url, named);
  const key = keyVariable === null ? null : readKey(environment, keyVariable);
  if (key === null && file.keyVariable !== undefined) {
    const remedy = `set ${keyVariable} to it, or leave "keyVariable" out`;
    throw new DuetError('unauthorized', `${place}: ${file.model} has its key in ${keyVariable}: ${remedy}`);
  }
  if (key === null && preset?.needsKey === true && url === preset.url) {
    throw new DuetError('unauthorized', `${place}: ${url} needs a key: set ${keyVariable} to it`);
  }
  return {
    ...{ place, file, url, key, keyVariable },
    name: file.name ?? `${file.preset ?? new URL(url).hostname}/${file.model}`,
    ways: waysOf(file, preset),
    judgeOf: (way) =>
      file.decisionModel ??
      (way === 'decisions' && url === preset?.url ? preset.decisionsModel : undefined) ??
      file.model,
    prices: file.prices ?? preset?.prices ?? null,
  };
}

function waysOf(
  { decide, heads, folded }: ModelFile,
  preset: EnginePreset | undefined,
): readonly DecisionWay[] {
  if (decide !== undefined) return [decide];
  if (heads !== undefined) return ['heads'];
  return folded === undefined ? (preset?.ways ?? enginePresets.vllm.ways) : ['folded'];
}

/** A remote model, before anything was asked of it. */
export interface RemoteDescription {
  readonly place: string;
  readonly file: ModelFile;
  readonly url: string;
  /** Never told to anybody but the engine. */
  readonly key: string | null;
  readonly keyVariable: string | null;
  readonly name: string;
  readonly ways: readonly DecisionWay[];
  /** The model that decides in a way: mostly the one that speaks. */
  readonly judgeOf: (way: DecisionWay) => string;
  readonly prices: Prices | null;
}

type Environment = Readonly<Record<string, string | undefined>>;

function fileOf(rest: string, place: string): ModelFile {
  const [, preset = '', model = '', url] = /^([^/]*)\/(.+?)(?:@(https?:.*))?$/s.exec(rest) ?? [];
  const known = enginePresetNames.find((name) => name === preset);
  if (known === undefined || model === '') {
    throw new DuetError(
      'invalid_request',
      `${place} is no remote model: name it as in remote:ollama/qwen3-vl or ` +
        `remote:vllm/MODEL@http://127.0.0.1:8000/v1, or the path of a model file that ends in .json; ` +
        `known are ${enginePresetNames.join(', ')}`,
    );
  }
  return parseFile({ preset: known, model, ...(url !== undefined && { url: completed(url) }) }, place);
}

/** Whoever names a host only means its usual base address. */
function completed(url: string): string {
  if (!URL.canParse(url)) return url;
  const { pathname, search } = new URL(url);
  return pathname === '/' && search === '' ? `${url.replace(/\/$/, '')}/v1` : url;
}

async function readModelFile(path: string): Promise<ModelFile> {
  const content = await readJsonFile(resolve(path), mostFileBytes).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DuetError('not_found', `${path}: the model file cannot be read: ${reason}`, { cause });
  });
  return parseFile(content, path);
}

function parseFile(content: unknown, place: string): ModelFile {
  const parsed = modelFileSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  throw new DuetError(
    'invalid_request',
    `${place}: ${z.prettifyError(parsed.error).replaceAll(/\s*\n\s*/g, ' ')}`,
  );
}

function readKey(environment: Environment, variable: string): string | null {
  const key = environment[variable]?.trim() ?? '';
  if (key === '') return null;
  if (/^[\x21-\x7e]{1,4096}$/.test(key)) return key;
  throw new DuetError('unauthorized', `${variable} holds no key: expected one word of letters and digits`);
}

const mostFileBytes = 65_536;
