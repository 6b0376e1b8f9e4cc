import { cancel, isLive, seconds, type Job } from '../api/jobs';
import { useSource } from './useSource';

interface Props {
  list: Job[];
  problem: string | null;
  refresh: () => Promise<void>;
}

export function Jobs({ list, problem, refresh }: Props) {
  return (
    <section className="jobs" aria-labelledby="jobs-title">
      <h2 id="jobs-title">Jobs</h2>
      <p className="hint">Work that outlives its request: queued in Kafka, done once whatever dies on the way; the newest six.</p>
      {problem && <p className="problem">{problem}</p>}
      {list.length === 0 && !problem && <p className="empty">None yet. Send a picture as a job and watch it here.</p>}
      {list.length > 0 && (
        <table>
          <thead>
            <tr>
              <th>job</th>
              <th>type</th>
              <th>state</th>
              <th>progress</th>
              <th>attempt</th>
              <th>time</th>
              <th>result</th>
            </tr>
          </thead>
          <tbody>
            {list.map((job) => (
              <Row key={job.id} job={job} refresh={refresh} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Row({ job, refresh }: { job: Job; refresh: () => Promise<void> }) {
  const time = seconds(job, Date.now());
  return (
    <tr data-state={job.state}>
      <td>
        <code title={job.id}>{job.id.slice(0, 13)}</code>
      </td>
      <td>{job.type}</td>
      <td>
        <span className={`state ${job.state}`} title={job.error?.message}>
          {job.state}
        </span>
      </td>
      <td>
        <progress max={1} value={job.progress} aria-label="progress" />
      </td>
      <td>{job.attempt}</td>
      <td>{time === undefined ? '–' : `${time.toFixed(1)} s`}</td>
      <td>
        {isLive(job) ? (
          <button type="button" className="small" onClick={() => void cancel(job.id).then(refresh)}>
            cancel
          </button>
        ) : (
          <Result job={job} />
        )}
      </td>
    </tr>
  );
}

function Result({ job }: { job: Job }) {
  if (!job.result) return <span className="hint">{job.error?.message ?? '–'}</span>;
  return <ResultLink path={`/v1/jobs/${job.id}/result`} picture={job.result.content_type.startsWith('image/')} />;
}

function ResultLink({ path, picture }: { path: string; picture: boolean }) {
  const source = useSource(path);
  return (
    <a href={source} target="_blank" rel="noreferrer">
      {picture ? <img src={source} alt="result" width="36" height="36" /> : 'open'}
    </a>
  );
}
