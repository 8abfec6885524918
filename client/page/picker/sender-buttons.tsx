import { useEffect, useState } from 'preact/hooks';
import type { PageCommands } from '../commands.js';
import { field, listAt } from '../server/http.js';
import type { ChosenVideo } from '../state/view.js';

/** Lets OBS, or another sender, push the video: a button for each protocol by which the server takes that. */
export function SenderButtons({ choose }: Pick<PageCommands, 'choose'>) {
  const [protocols, setProtocols] = useState<readonly Protocol[]>([]);
  useEffect(() => {
    // A server that does not answer is told of where the samples are missing.
    loadProtocols().then(setProtocols, () => undefined);
  }, []);
  return (
    <div class="senders" id="senders" hidden={protocols.length === 0}>
      {protocols.map((protocol) => (
        <button
          key={protocol}
          type="button"
          class="chip"
          data-protocol={protocol}
          onClick={() => {
            choose(pushedVideo(protocol), null);
          }}
        >
          {protocols.length === 1 ? 'Stream from OBS' : `OBS (${protocol.toUpperCase()})`}
        </button>
      ))}
    </div>
  );
}

type Protocol = 'rtmp' | 'srt';

async function loadProtocols(): Promise<readonly Protocol[]> {
  const listed = (await listAt('/v1/ingest')).map((entry) => field(entry, 'protocol'));
  return (['rtmp', 'srt'] as const).filter((protocol) => listed.includes(protocol));
}

function pushedVideo(protocol: Protocol): ChosenVideo {
  return {
    ...{ title: 'Stream from OBS', source: { type: 'ingest', protocol }, playUrl: null },
    ...{ questions: [], footage: 'real' },
  };
}
