import { useCallback, useEffect, useRef, useState } from 'react';
import { isLive, jobs, type Job } from '../api/jobs';

const BUSY_MILLIS = 700;
const IDLE_MILLIS = 4000;

/** The newest jobs, asked for often while one of them lives and seldom otherwise. */
export function useJobs() {
  const [list, setList] = useState<Job[]>([]);
  const [problem, setProblem] = useState<string | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const refresh = useCallback(async () => {
    clearTimeout(timer.current);
    let busy = false;
    try {
      const found = await jobs();
      setList(found);
      setProblem(null);
      busy = found.some(isLive);
    } catch (e) {
      setProblem((e as Error).message);
    }
    clearTimeout(timer.current); // another call may have come to its end in the meantime
    timer.current = setTimeout(() => void refresh(), busy ? BUSY_MILLIS : IDLE_MILLIS);
  }, []);

  useEffect(() => {
    void refresh();
    return () => clearTimeout(timer.current);
  }, [refresh]);

  return { list, problem, refresh };
}
