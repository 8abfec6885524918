import '../parts/button.css';
import '../parts/chip.css';
import './sessions.css';
import { useEffect, useState } from 'preact/hooks';
import { Brand } from '../header/header.js';
import { problemOfThrown } from '../state/problem.js';
import { leftHere } from './left-sessions.js';
import { listSessions, readSession, type ListedSession } from './session-list.js';
import { SessionRow } from './session-row.js';

/** The sessions of this server: those that go on can be taken up again, ended ones read and deleted. */
export function SessionsPage() {
  const { sessions, more, problem, drop } = useSessions();
  useEffect(() => {
    document.title = 'Sessions · Duet';
  }, []);
  return (
    <>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <header class="bar">
        <Brand />
        <a class="button quiet" id="sessions-link" href="./">
          Watch something
        </a>
      </header>
      <main id="main" class="sessions" tabIndex={-1}>
        <h1>Sessions</h1>
        <p class="sessions-problem" id="sessions-problem" role="status" hidden={problem === null}>
          {problem}
        </p>
        <ul class="session-list" id="sessions" aria-busy={sessions === null}>
          {sessions?.map((session) => (
            <SessionRow key={session.id} session={session} deleted={drop} />
          ))}
        </ul>
        {sessions?.length === 0 && <p class="sessions-none">There are none yet.</p>}
        <button
          type="button"
          class="button"
          id="more-sessions"
          hidden={more === null}
          onClick={more ?? undefined}
        >
          Older ones
        </button>
      </main>
    </>
  );
}

interface KnownSessions {
  /** Null until the server has answered. */
  readonly sessions: readonly ListedSession[] | null;
  /** Adds the next part; null if there is none. */
  readonly more: (() => void) | null;
  readonly problem: string | null;
  readonly drop: (id: string) => void;
}

function useSessions(): KnownSessions {
  const [sessions, setSessions] = useState<readonly ListedSession[] | null>(null);
  const [cursor, setCursor] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const load = async (from: string | null): Promise<void> => {
    try {
      const part = await listSessions(from);
      setSessions((before) => [...(before ?? []), ...part.sessions]);
      setCursor(part.cursor);
    } catch (thrown) {
      const { what, remedy } = problemOfThrown(thrown);
      setProblem(`${what}: ${remedy}. Here are those that were left running from this browser.`);
      setSessions(await sessionsOfThisBrowser());
    }
  };
  useEffect(() => {
    void load(null);
  }, []);
  const drop = (id: string): void => {
    setSessions((before) => before?.filter((session) => session.id !== id) ?? null);
  };
  return { sessions, more: cursor === null ? null : () => void load(cursor), problem, drop };
}

async function sessionsOfThisBrowser(): Promise<readonly ListedSession[]> {
  const read = await Promise.allSettled(leftHere().map(readSession));
  return read.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}
