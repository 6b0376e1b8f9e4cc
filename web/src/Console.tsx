import { DiffusionPage } from './diffusion/DiffusionPage';
import { Jobs } from './parts/Jobs';
import { Masthead } from './parts/Masthead';
import { useHash } from './parts/useHash';
import { useJobs } from './parts/useJobs';
import { ChatTile } from './tiles/ChatTile';
import { DetectTile } from './tiles/DetectTile';
import { ImageTile } from './tiles/ImageTile';

export function Console() {
  const jobs = useJobs();
  const page = useHash();
  return (
    <>
      <Masthead />
      <main>
        {page === 'diffusion' ? (
          <>
            <p className="hint">
              <a href="#">Back to the console</a>
            </p>
            <DiffusionPage />
          </>
        ) : (
          <>
            <div className="tiles">
              <ChatTile />
              <DetectTile />
              <ImageTile onJob={jobs.refresh} />
            </div>
            <Jobs list={jobs.list} problem={jobs.problem} refresh={jobs.refresh} />
          </>
        )}
      </main>
      <footer>
        <a href="/openapi.json">OpenAPI</a>
        <span>OpenAI routes at /v1 · native gRPC with reflection on the gateway's other port</span>
      </footer>
    </>
  );
}
