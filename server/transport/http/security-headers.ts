import { Router } from 'express';
import helmet from 'helmet';

/**
 * Nothing from elsewhere; uPlot writes styles, the player shows chosen files. `'self'` covers the WebSocket
 * of the same address.
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

/**
 * The headers by which a browser keeps pages of other sites, and scripts that do not belong to the page, away
 * from every answer.
 */
export const securityHeaders = Router().use(
  helmet({
    contentSecurityPolicy: { useDefaults: false, directives },
    xFrameOptions: { action: 'deny' },
    // The server speaks HTTP; whether its name is for HTTPS only is for the proxy before it to say.
    strictTransportSecurity: false,
  }),
  (_request, response, next) => {
    // Helmet does not set this one: the page may ask for camera and screen, nothing may ask for the
    // microphone.
    response.setHeader('Permissions-Policy', 'camera=(self), display-capture=(self), microphone=()');
    next();
  },
);
