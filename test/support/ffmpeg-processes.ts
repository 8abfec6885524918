import { readdirSync, readFileSync } from 'node:fs';

/**
 * Numbers of the running processes whose command line holds the text, such as the path of a video. Linux
 * only: it reads /proc.
 */
export function processesNaming(text: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid && commandLine(name).includes(text))
    .map(Number);
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    // It has ended since the folder was listed.
    return '';
  }
}
