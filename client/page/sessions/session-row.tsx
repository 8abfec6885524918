import { useState } from 'preact/hooks';
import { clockText, lengthText } from '../../common/clock-text.js';
import { httpAddress } from '../server/http.js';
import { problemOfThrown } from '../state/problem.js';
import {
  deleteSession,
  mayGoOn,
  pathOf,
  readSession,
  type ListedSession,
  type ToldTurn,
} from './session-list.js';

interface SessionRowProps {
  readonly session: ListedSession;
  readonly deleted: (id: string) => void;
}

/** One session of the list, with what can be done with it. */
export function SessionRow({ session, deleted }: SessionRowProps) {
  const { id, source, status } = session;
  const [problem, setProblem] = useState<string | null>(null);
  const fail = (thrown: unknown): void => {
    const { what, remedy } = problemOfThrown(thrown);
    setProblem(`${what}: ${remedy}`);
  };
  return (
    <li class="session" data-session={id} data-status={status}>
      <div class="session-head">
        <h2 class="session-title" dir="auto">
          {source ?? 'Nothing watched yet'}
        </h2>
        <span class="session-status">{statusText(session)}</span>
      </div>
      <p class="session-about">{aboutText(session)}</p>
      <div class="session-tools">
        {(mayGoOn(session) || source !== null) && (
          <a
            class="button small"
            data-does={mayGoOn(session) ? 'go-on' : 'look'}
            href={`./#session=${encodeURIComponent(id)}`}
          >
            {mayGoOn(session) ? 'Go on' : 'Look at it'}
          </a>
        )}
        {status !== 'open' && <DeleteButton id={id} deleted={deleted} fail={fail} />}
      </div>
      <Transcript id={id} fail={fail} />
      <p class="session-problem" role="alert" hidden={problem === null}>
        {problem}
      </p>
    </li>
  );
}

interface DeleteButtonProps extends Pick<SessionRowProps, 'deleted'> {
  readonly id: string;
  readonly fail: (thrown: unknown) => void;
}

/** Deletes the record; asks once more, since it cannot be taken back. */
function DeleteButton({ id, deleted, fail }: DeleteButtonProps) {
  const [asked, setAsked] = useState(false);
  const press = (): void => {
    if (!asked) setAsked(true);
    else
      deleteSession(id).then(() => {
        deleted(id);
      }, fail);
  };
  return (
    <button
      type="button"
      class="button small quiet"
      data-does="delete"
      onClick={press}
      onBlur={() => {
        setAsked(false);
      }}
    >
      {asked ? 'Delete it for good' : 'Delete'}
    </button>
  );
}

/** What was said, read when it is opened, and as files. */
function Transcript({ id, fail }: Pick<DeleteButtonProps, 'id' | 'fail'>) {
  const [turns, setTurns] = useState<readonly ToldTurn[] | null>(null);
  return (
    <details
      class="session-transcript"
      onToggle={({ currentTarget }) => {
        if (currentTarget.open)
          readSession(id).then((read) => {
            setTurns(read.turns);
          }, fail);
      }}
    >
      <summary>What was said</summary>
      {turns?.length === 0 && <p>Nothing.</p>}
      <ol tabIndex={0} aria-label="What was said">
        {turns?.map(({ role, videoTime, text }, index) => (
          <li key={index} class={`told ${role}`}>
            <span class="told-time">{clockText(videoTime)}</span>{' '}
            <span dir="auto">{role === 'user' ? `You: ${text}` : text}</span>
          </li>
        ))}
      </ol>
      <p class="session-files">
        {['vtt', 'srt', 'csv', 'json'].map((type) => (
          <a
            key={type}
            class="button small quiet"
            href={httpAddress(`${pathOf(id)}/transcript.${type}`)}
            download
          >
            {type.toUpperCase()}
          </a>
        ))}
      </p>
    </details>
  );
}

function statusText({ status, reason }: ListedSession): string {
  if (status === 'open') return 'goes on';
  if (status === 'interrupted') return 'its server was lost';
  return reason === 'client_request' ? 'ended' : `ended (${(reason ?? 'unknown').replaceAll('_', ' ')})`;
}

function aboutText({ model, openedAt, videoTime, replies }: ListedSession): string {
  const when = openedAt?.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
  const said = replies === null ? undefined : `${replies} ${replies === 1 ? 'reply' : 'replies'}`;
  return [when, model, lengthText(videoTime), said]
    .filter((part) => part !== undefined && part !== '')
    .join(' · ');
}
