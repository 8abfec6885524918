/**
 * Sends many uploads to a server at once and counts how they were answered.
 *
 *   duet serve --port 8787 &
 *   npx tsx test/faults/parallel-uploads.ts http://127.0.0.1:8787 [uploads = 100] [bytes of each = 200000]
 */
import { pathToFileURL } from 'node:url';

/** How often each status came, and the ids of the uploads taken. */
export interface Answers {
  readonly statuses: Readonly<Record<string, number>>;
  readonly ids: readonly string[];
}

/** Sends the uploads, all at once; a broken connection counts as status 0. */
export async function uploadAtOnce(url: string, count: number, bytes: number): Promise<Answers> {
  const answers = await Promise.all(Array.from({ length: count }, (_, k) => upload(url, `${k}.mp4`, bytes)));
  const statuses: Record<string, number> = {};
  for (const { status } of answers) statuses[status] = (statuses[status] ?? 0) + 1;
  return { statuses, ids: answers.flatMap(({ id }) => (id === null ? [] : [id])) };
}

async function upload(
  url: string,
  name: string,
  bytes: number,
): Promise<{ status: number; id: string | null }> {
  const form = new FormData();
  form.set('file', new Blob([new Uint8Array(bytes)]), name);
  try {
    const response = await fetch(`${url}/v1/uploads`, { method: 'POST', body: form });
    const { upload_id: id = null } = (await response.json()) as { upload_id?: string };
    return { status: response.status, id };
  } catch {
    return { status: 0, id: null };
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [, , url = 'http://127.0.0.1:8787', count = '100', bytes = '200000'] = process.argv;
  const { statuses } = await uploadAtOnce(url, Number(count), Number(bytes));
  process.stdout.write(`${JSON.stringify(statuses)}\n`);
}
