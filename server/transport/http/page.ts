import { join } from 'node:path';
import compression from 'compression';
import express, { Router } from 'express';

/**
 * The built page, and the overlay at `/overlay`, compressed. Files under `assets/` have a content hash in
 * their name and never change; browsers revalidate the others each time.
 */
export function pageRoutes(folder: string): Router {
  const router = Router();
  router.use(compression());
  // Parts of what is compressed on the way would be parts of something else.
  const whole = { acceptRanges: false, redirect: false };
  const assets = { ...whole, immutable: true, maxAge: '1y', index: false, fallthrough: true };
  router.use('/assets', express.static(join(folder, 'assets'), assets));
  const setHeaders = (response: { setHeader: (name: string, value: string) => unknown }): void => {
    response.setHeader('Cache-Control', 'no-cache');
  };
  // The list of sessions is the same page.
  router.get('/sessions', (_request, response) => {
    setHeaders(response);
    response.sendFile(join(folder, 'index.html'), { acceptRanges: false, dotfiles: 'allow' });
  });
  router.use(express.static(folder, { ...whole, setHeaders, extensions: ['html'] }));
  return router;
}
