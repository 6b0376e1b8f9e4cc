import { useEffect, useRef, useState, type DragEvent } from 'react';
import { detect, drawn, type Detection, type Wishes } from '../api/detect';
import { models } from '../api/house';

const SAMPLES = ['chelsea', 'astronaut'];
const TILES = ['', '2x2', '3x3'];
const HUES = 360;

interface Shown {
  url: string;
  width: number;
  height: number;
  detections: Detection[];
  millis: number;
}

export function DetectTile() {
  const [picture, setPicture] = useState<Blob | null>(null);
  const [shown, setShown] = useState<Shown | null>(null);
  const [wishes, setWishes] = useState<Wishes>({ model: '', threshold: 0.3, tiles: '' });
  const [detectors, setDetectors] = useState<string[]>([]);
  const [problem, setProblem] = useState<string | null>(null);
  const [over, setOver] = useState(false);
  const file = useRef<HTMLInputElement>(null);

  useEffect(() => {
    models()
      .then((all) => setDetectors(all.filter((m) => m.capabilities.includes('detection')).map((m) => m.id)))
      .catch(() => setDetectors([])); // the default one answers all the same
  }, []);

  useEffect(() => {
    if (!picture) return;
    const abort = new AbortController();
    const url = URL.createObjectURL(picture);
    const begun = performance.now();
    detect(picture, wishes, abort.signal)
      .then((found) => {
        const first = found.data[0];
        if (!first) return;
        setProblem(null);
        setShown({ url, width: first.width, height: first.height, detections: first.detections, millis: performance.now() - begun });
      })
      .catch((e: unknown) => {
        if (abort.signal.aborted) return;
        setShown(null);
        setProblem((e as Error).message);
      });
    return () => {
      abort.abort();
      URL.revokeObjectURL(url);
    };
  }, [picture, wishes]);

  const sample = async (name: string) => setPicture(await (await fetch(`/samples/${name}.png`)).blob());
  const drop = (e: DragEvent) => {
    e.preventDefault();
    setOver(false);
    const dropped = e.dataTransfer.files[0];
    if (dropped) setPicture(dropped);
  };

  return (
    <section className="tile detect" aria-labelledby="detect-title">
      <h2 id="detect-title">Detect</h2>
      <p className="hint">Drop a photo; boxes come back, of the 80 COCO classes by default.</p>
      <div
        className={over ? 'drop over' : 'drop'}
        onDragOver={(e) => {
          e.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        {shown ? (
          <Boxes shown={shown} />
        ) : (
          <div className="starters">
            <button type="button" onClick={() => file.current?.click()}>
              Choose a photo
            </button>
            {SAMPLES.map((s) => (
              <button type="button" key={s} onClick={() => void sample(s)}>
                <img src={`/samples/${s}.png`} alt={s} height="64" />
              </button>
            ))}
          </div>
        )}
      </div>
      <input
        ref={file}
        type="file"
        accept="image/*"
        hidden
        onChange={(e) => {
          const chosen = e.target.files?.[0];
          if (chosen) setPicture(chosen);
        }}
      />
      {problem && <p className="problem">{problem}</p>}
      {shown && (
        <p className="figures">
          {shown.detections.length === 0 ? 'nothing found' : counts(shown.detections)} · {shown.millis.toFixed(0)} ms
        </p>
      )}
      <div className="knobs">
        <label>
          threshold {wishes.threshold.toFixed(2)}
          <input
            type="range"
            min={0.1}
            max={0.9}
            step={0.05}
            value={wishes.threshold}
            onChange={(e) => setWishes({ ...wishes, threshold: Number(e.target.value) })}
          />
        </label>
        {detectors.length > 1 && (
          <label>
            model
            <select value={wishes.model} onChange={(e) => setWishes({ ...wishes, model: e.target.value })}>
              <option value="">default</option>
              {detectors.map((id) => (
                <option key={id}>{id}</option>
              ))}
            </select>
          </label>
        )}
        <label title="Also look in parts of the picture, for small objects.">
          tiles
          <select value={wishes.tiles} onChange={(e) => setWishes({ ...wishes, tiles: e.target.value })}>
            {TILES.map((tiles) => (
              <option key={tiles} value={tiles}>
                {tiles || 'none'}
              </option>
            ))}
          </select>
        </label>
        {picture && shown && (
          <button type="button" className="small" onClick={() => void save(picture, wishes, setProblem)}>
            save with boxes
          </button>
        )}
        {shown && (
          <button
            type="button"
            className="small"
            onClick={() => {
              setPicture(null);
              setShown(null);
            }}
          >
            another
          </button>
        )}
      </div>
    </section>
  );
}

async function save(picture: Blob, wishes: Wishes, tell: (problem: string) => void) {
  try {
    const link = document.createElement('a');
    link.href = await drawn(picture, wishes);
    link.download = 'detections.png';
    link.click();
  } catch (e) {
    tell((e as Error).message);
  }
}

/** The boxes as vectors over the picture, in its own pixels, so that they scale with it. */
function Boxes({ shown }: { shown: Shown }) {
  const line = Math.max(shown.width, shown.height) / 250;
  const text = Math.max(shown.width, shown.height) / 28;
  return (
    <svg viewBox={`0 0 ${shown.width} ${shown.height}`} role="img" aria-label={counts(shown.detections)}>
      <image href={shown.url} width={shown.width} height={shown.height} />
      {shown.detections.map((d, i) => {
        const [x1, y1, x2, y2] = d.box;
        const colour = `hsl(${(d.class_id * 67) % HUES} 80% 45%)`;
        const label = `${d.class} ${d.score.toFixed(2)}`;
        const y = Math.max(0, y1 - text * 1.3);
        return (
          <g key={i} className="box">
            <rect x={x1} y={y1} width={x2 - x1} height={y2 - y1} fill="none" stroke={colour} strokeWidth={line} />
            <rect x={x1} y={y} width={label.length * text * 0.56 + text * 0.4} height={text * 1.3} fill={colour} />
            <text x={x1 + text * 0.2} y={y + text} fontSize={text} fill="#fff">
              {label}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

function counts(detections: Detection[]): string {
  const byClass = new Map<string, number>();
  for (const d of detections) byClass.set(d.class, (byClass.get(d.class) ?? 0) + 1);
  return [...byClass].map(([name, n]) => (n === 1 ? name : `${n} × ${name}`)).join(', ');
}
