// What programs import as `duet`: a server inside of another program. Other files may change without notice.
export { loadConfig } from './config.js';
export type { Config } from './config.js';
export { DuetError } from './errors.js';
export { startServer } from './main.js';
export type { DuetServer } from './main.js';
