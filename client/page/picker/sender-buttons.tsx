import type { PageCommands } from '../commands.js';
import type { ChosenVideo } from '../state/view.js';
import type { PushProtocol, ServerSources } from './server-sources.js';

/** What the buttons of senders need. */
export interface SenderButtonsProps extends Pick<PageCommands, 'choose'> {
  readonly sources: ServerSources | null;
}

/** Lets OBS, or another sender, push the video: a button for each protocol by which the server takes that. */
export function SenderButtons({ sources, choose }: SenderButtonsProps) {
  const protocols = sources?.protocols ?? [];
  return (
    <div class="senders" id="senders" hidden={protocols.length === 0}>
      {protocols.map((protocol) => (
        <button
          key={protocol}
          type="button"
          class="chip"
          data-protocol={protocol}
          onClick={() => {
            choose(pushedVideo(protocol), null, true);
          }}
        >
          {protocols.length === 1 ? 'From OBS' : `From OBS (${protocol.toUpperCase()})`}
        </button>
      ))}
    </div>
  );
}

/** What a sender will push by a protocol. */
export function pushedVideo(protocol: PushProtocol): ChosenVideo {
  return {
    ...{ title: 'Stream from OBS', source: { type: 'ingest', protocol }, playUrl: null },
    ...{ questions: [], footage: 'real' },
  };
}
