import type { NextFunction, Response } from 'express';

/** Answers with a video file; understands Range, so that a page can seek in it. */
export function sendVideo(path: string, response: Response, next: NextFunction): void {
  // Dot folders on the way are ours, not the client's choice. A client that goes away midway is no failure.
  response.sendFile(path, { dotfiles: 'allow' }, (error?: Error) => {
    if (error && !response.headersSent) next(error);
  });
}
