/** CPU milliseconds of this process while `work` runs: what a busy machine does not stretch. */
export async function cpuMsOf(work: () => unknown): Promise<number> {
  const began = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1000;
}
