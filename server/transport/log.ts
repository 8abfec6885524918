/** Writes one line about the server's own doings; never anything that users wrote or showed. */
export type Log = (message: string, cause?: unknown) => void;
