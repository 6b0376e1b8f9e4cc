import { useEffect, useState } from 'react';
import { health, models, type Health, type Model } from '../api/house';
import { ApiError } from '../api/http';
import { KeyForm } from './KeyForm';

const EVERY_MILLIS = 4000;

/** The name, the services' state, and which model does what. */
export function Masthead() {
  const [state, setState] = useState<Health | null>(null);
  const [served, setServed] = useState<Model[]>([]);
  const [locked, setLocked] = useState(false);

  useEffect(() => {
    let stopped = false;
    const look = async () => {
      const [h, m] = await Promise.allSettled([health(), models()]);
      if (stopped) return;
      setState(h.status === 'fulfilled' ? h.value : null);
      if (m.status === 'fulfilled') setServed(m.value);
      setLocked(m.status === 'rejected' && m.reason instanceof ApiError && m.reason.status === 401);
    };
    void look();
    const timer = setInterval(() => void look(), EVERY_MILLIS);
    return () => {
      stopped = true;
      clearInterval(timer);
    };
  }, []);

  return (
    <header>
      <img src="/tern.svg" alt="" width="40" height="40" />
      <div className="name">
        <h1>Tern</h1>
        <p>detect, generate, decode</p>
      </div>
      {locked && <KeyForm />}
      <ul className="models" aria-label="Models">
        {served.map((m) => (
          <li key={m.id} title={`${m.capabilities.join(', ')}; licence ${m.licence}`}>
            <b>{m.id}</b> {m.precision} on {m.device}
            {m.bit_exact && <em title="the same request gives the same bits, alone or in company"> bit-exact</em>}
          </li>
        ))}
      </ul>
      <ul className="services" aria-label="Services">
        {Object.entries(state?.services ?? { gateway: { status: 'DOWN' } }).map(([name, s]) => (
          <li key={name} className={s.status === 'UP' ? 'up' : 'down'}>
            {name}
          </li>
        ))}
      </ul>
    </header>
  );
}
