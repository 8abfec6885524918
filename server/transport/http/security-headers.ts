import { Router } from 'express';
import helmet from 'helmet';

/**
 * Nothing from other origins; uPlot sets inline styles, the player shows chosen files. `'self'` covers the
 * WebSocket on the same address.
 */
const directives = {
  defaultSrc: ["'self'"],
  imgSrc: ["'self'", 'data:', 'blob:'],
  mediaSrc: ["'self'", 'blob:'],
  styleSrc: ["'self'", "'unsafe-inline'"],
  connectSrc: ["'self'"],
  objectSrc: ["'none'"],
  baseUri: ["'none'"],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
};

/** Headers that keep other sites and injected scripts away from every response. */
export const securityHeaders = Router().use(
  helmet({
    contentSecurityPolicy: { useDefaults: false, directives },
    xFrameOptions: { action: 'deny' },
    // The server speaks plain HTTP; enforcing HTTPS is up to a proxy in front of it.
    strictTransportSecurity: false,
  }),
  (_request, response, next) => {
    // Helmet does not set this one: the page may use camera and screen, nothing may use the microphone.
    response.setHeader('Permissions-Policy', 'camera=(self), display-capture=(self), microphone=()');
    next();
  },
);
