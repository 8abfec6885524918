/** The Redis that `--queue` means: the one it names, else that of the environment, else this machine's. */
export function queueUrl(flag: string | true): string {
  const named = flag === true ? process.env['DUET_REDIS_URL'] : flag;
  return named ?? 'redis://127.0.0.1:6379';
}
