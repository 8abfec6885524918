import './parts/button.css';
import './parts/chip.css';
import { useEffect } from 'preact/hooks';
import type { PageControl } from './control.js';
import { Header } from './header/header.js';
import { ProblemBox } from './header/problem-box.js';
import { DropAnywhere } from './picker/drop-anywhere.js';
import { Picker } from './picker/picker.js';
import { useServerSources } from './picker/server-sources.js';
import { useUpload } from './picker/use-upload.js';
import { ScoresPanel } from './scores/scores-panel.js';
import { SettingsForm } from './settings/settings-form.js';
import { Stage } from './stage/stage.js';
import { useObserved } from './state/observed.js';
import { Announcer } from './talk/announcer.js';
import { ConversationPanel } from './talk/conversation-panel.js';
import './page.css';

/** The whole page: the choice of videos, then the duet about one of them. */
export function Page({ control: commands }: { readonly control: PageControl }) {
  const { shown, playback, videoElement } = commands;
  const view = useObserved(shown, (now) => now);
  const title = view.video?.title ?? '';
  useEffect(() => {
    document.title = title === '' ? 'Duet' : `${title} · Duet`;
  }, [title]);
  const sources = useServerSources();
  const upload = useUpload(commands.chooseUpload, commands.fail, sources?.maxUploadBytes ?? null);
  const props = { view, playback, commands };
  return (
    <>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <Header {...props} />
      <ProblemBox {...props} />
      <main id="main" tabIndex={-1}>
        <Picker {...props} upload={upload} sources={sources} />
        <section class="duet" id="duet" aria-labelledby="duet-heading" hidden={view.phase === 'idle'}>
          <h1 class="visually-hidden" id="duet-heading" dir="auto">
            {title}
          </h1>
          <Stage {...props} video={videoElement} />
          <ConversationPanel {...props} />
          <ScoresPanel {...props} />
          <SettingsForm {...props} />
        </section>
      </main>
      <Announcer view={view} />
      <DropAnywhere {...props} upload={upload} />
    </>
  );
}
