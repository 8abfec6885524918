import type { z } from 'zod';
import type { httpAnswers } from '../../../protocol/published/http-answers.js';
import { eventsQuery, pageQuery, transcriptQuery } from '../sessions.js';
import { pictureQuery } from '../streams/session-picture.js';
import { subtitlesQuery } from '../streams/session-stream.js';
import { streamQuery } from '../streams/wanted-events.js';

/**
 * Every HTTP route, for `/v1/openapi.json`. A new route gets its line here, the schema of a JSON answer its
 * name in `server/protocol/published/http-answers.ts`, and a call in `test/transport/http/openapi.test.ts`,
 * which checks what a server answers against it.
 */
export function describedRoutes(): readonly DescribedRoute[] {
  return [...serverRoutes(), ...videoRoutes(), ...sessionRoutes(), ...streamRoutes()];
}

/** A route as it is published. */
export interface DescribedRoute {
  readonly method: 'get' | 'post' | 'delete';
  /** As in `/v1/sessions/{id}`. */
  readonly path: string;
  readonly summary: string;
  /** What is answered when all is well, by status; whatever fails is answered with an Error. */
  readonly answers: Readonly<Record<number, Answer>>;
  /** What stands for the names in the path. */
  readonly names?: Readonly<Record<string, string>>;
  readonly query?: z.ZodObject;
  /** The files of a form that is sent, and what they are. */
  readonly files?: Readonly<Record<string, string>>;
}

/** The bodies of an answer by media type: the name of a schema, or for what is not JSON a description. */
type Answer = Readonly<Record<string, { readonly schema: keyof typeof httpAnswers } | string>>;

function serverRoutes(): readonly DescribedRoute[] {
  return [
    get('/healthz', 'Whether the process lives', { 200: json('Health') }),
    get('/readyz', 'Whether it takes another session', { 200: json('Readiness'), 503: json('Readiness') }),
    get('/metrics', 'Counters and gauges for Prometheus', { 200: { 'text/plain': 'Text format 0.0.4' } }),
    get('/v1/protocol.json', 'JSON Schema of the messages of the WebSocket', { 200: json('Document') }),
    get('/v1/openapi.json', 'This document', { 200: json('Document') }),
    get('/v1/asyncapi.json', 'The WebSocket at /v1/duet, as AsyncAPI', { 200: json('Document') }),
    get('/v1/models', 'The models, the default first', { 200: json('Models') }),
    get('/v1/sources', 'What may be watched here', { 200: json('Sources') }),
    get('/v1/ingest', 'By which protocols senders such as OBS may push', { 200: json('IngestProtocols') }),
  ];
}

function videoRoutes(): readonly DescribedRoute[] {
  const video = { 'video/*': 'The video, whole (200) or the asked Range of it (206)' };
  const upload = { names: { id: '`upload_id` of the upload' } };
  const uploads = '/v1/uploads';
  return [
    get('/v1/samples', 'Bundled clips with questions', { 200: json('Samples') }),
    {
      ...get('/v1/samples/{name}', 'A bundled clip', { 200: video, 206: video }),
      names: { name: '`name` of a sample' },
    },
    {
      ...{ method: 'post', path: uploads, summary: 'Uploads a video, to be watched' },
      answers: { 201: json('Upload') },
      files: { file: 'The video' },
    },
    { ...get(`${uploads}/{id}`, 'An upload', { 200: video, 206: video }), ...upload },
    {
      method: 'delete',
      path: `${uploads}/{id}`,
      summary: 'Deletes an upload',
      answers: { 204: {} },
      ...upload,
    },
  ];
}

const sessions = '/v1/sessions';
const session = { id: 'Id of the session, or a token of `session.share`' };

function sessionRoutes(): readonly DescribedRoute[] {
  const transcript = {
    ...json('Transcript'),
    ...{ 'application/x-subrip': 'SubRip', 'text/vtt': 'WebVTT', 'text/csv': 'RFC 4180, with a heading' },
  };
  const lines = { 'application/x-ndjson': 'A line for each event, as it is on the WebSocket' };
  const written = { names: session, query: transcriptQuery };
  const one = `${sessions}/{id}`;
  return [
    { ...get(sessions, 'Sessions, the newest first', { 200: json('Sessions') }), query: pageQuery },
    { ...get(one, 'A session, open or ended', { 200: json('Session') }), ...written },
    {
      ...{ method: 'delete', path: one, summary: 'Deletes the record of an ended session' },
      ...{ answers: { 204: {} }, names: { id: 'Id of the session' } },
    },
    { ...get(`${one}/transcript`, 'What was said, as Accept asks for it', { 200: transcript }), ...written },
    {
      ...get(`${one}/transcript.{type}`, 'What was said, in a format by name', { 200: transcript }),
      names: { ...session, type: 'json, srt, vtt or csv' },
      query: transcriptQuery,
    },
    { ...get(`${one}/events`, 'The record so far', { 200: lines }), names: session, query: eventsQuery },
  ];
}

function streamRoutes(): readonly DescribedRoute[] {
  const events = {
    200: {
      'text/event-stream':
        '`data` is an event, as it is on the WebSocket; with `questions`, events of that name tell which are unknown',
    },
    204: {},
  };
  const vtt = { 200: { 'text/vtt': 'Cues as they are said' } };
  const jpeg = { 200: { 'image/jpeg': 'Its number is in the header Duet-Picture' }, 204: {} };
  const one = `${sessions}/{id}`;
  return [
    {
      ...get(`${one}/stream`, 'The events of a session as they happen', events),
      names: session,
      query: streamQuery,
    },
    {
      ...get(`${sessions}/latest/stream`, 'The same for whatever session is the newest', events),
      query: streamQuery,
    },
    {
      ...get(`${one}/live.vtt`, 'What is said, as WebVTT that grows', vtt),
      names: session,
      query: subtitlesQuery,
    },
    { ...get(`${one}/picture.jpg`, 'The picture it looks at', jpeg), names: session, query: pictureQuery },
  ];
}

function get(path: string, summary: string, answers: DescribedRoute['answers']): DescribedRoute {
  return { method: 'get', path, summary, answers };
}

function json(schema: keyof typeof httpAnswers): Answer {
  return { 'application/json': { schema } };
}
