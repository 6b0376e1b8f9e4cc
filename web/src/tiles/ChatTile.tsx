import { useEffect, useRef, useState, type FormEvent } from 'react';
import { chat, CHAT_DEFAULTS, type ChatSettings, type Drafted, type Message, type Piece, type Speculation } from '../api/chat';
import { DraftTree } from '../parts/DraftTree';

interface Turn {
  question: string;
  answer: Piece[];
  draft: Drafted[];
  figures?: string;
  problem?: string;
}

const STARTERS = ['Why is the sky blue?', 'Write a haiku about the sea.', 'Copy this text exactly: The tern flies fast. The tern sees far.'];

const DRAFTERS = ['auto', 'ngram', 'retrieval', 'draft-model', 'medusa', 'mtp', 'eagle', 'none'];

export function ChatTile() {
  const [turns, setTurns] = useState<Turn[]>([]);
  const [text, setText] = useState('');
  const [settings, setSettings] = useState<ChatSettings>(CHAT_DEFAULTS);
  const [running, setRunning] = useState<AbortController | null>(null);
  const log = useRef<HTMLDivElement>(null);

  useEffect(() => {
    log.current?.scrollTo({ top: log.current.scrollHeight });
  }, [turns]);

  const last = (change: (turn: Turn) => Turn) => setTurns((all) => all.map((t, i) => (i === all.length - 1 ? change(t) : t)));

  async function ask(question: string) {
    if (running || question.trim() === '') return;
    const abort = new AbortController();
    const messages = history(turns, question);
    const begun = performance.now();
    setRunning(abort);
    setText('');
    setTurns((all) => [...all, { question, answer: [], draft: [] }]);
    try {
      for await (const event of chat(messages, settings, abort.signal)) {
        if ('pieces' in event) last((t) => ({ ...t, answer: [...t.answer, ...event.pieces], draft: event.draft.length > 0 ? event.draft : t.draft }));
        else {
          const spent = (performance.now() - begun) / 1000;
          last((t) => ({ ...t, figures: figures(event.usage.completion_tokens, spent, event.speculation) }));
        }
      }
    } catch (e) {
      if (!abort.signal.aborted) last((t) => ({ ...t, problem: (e as Error).message }));
    } finally {
      setRunning(null);
    }
  }

  const submit = (e: FormEvent) => {
    e.preventDefault();
    void ask(text);
  };

  return (
    <section className="tile chat" aria-labelledby="chat-title">
      <h2 id="chat-title">Chat</h2>
      <p className="hint">
        Speculative decoding: <mark>marked</mark> tokens were drafted ahead and accepted, several in one step.
      </p>
      <div className="log" ref={log} aria-live="polite">
        {turns.length === 0 && (
          <div className="starters">
            {STARTERS.map((s) => (
              <button type="button" key={s} onClick={() => void ask(s)}>
                {s}
              </button>
            ))}
          </div>
        )}
        {turns.map((t, i) => (
          <div key={i}>
            <p className="question">{t.question}</p>
            <p className="answer">
              {t.answer.map((piece, k) => (piece.drafted ? <mark key={k}>{piece.text}</mark> : <span key={k}>{piece.text}</span>))}
              {running && i === turns.length - 1 && <span className="caret" />}
            </p>
            {i === turns.length - 1 && <DraftTree draft={t.draft} />}
            {t.figures && <p className="figures">{t.figures}</p>}
            {t.problem && <p className="problem">{t.problem}</p>}
          </div>
        ))}
      </div>
      <form onSubmit={submit}>
        <input value={text} onChange={(e) => setText(e.target.value)} placeholder="Ask something" aria-label="Message" />
        {running ? (
          <button type="button" onClick={() => running.abort()}>
            Stop
          </button>
        ) : (
          <button type="submit">Send</button>
        )}
      </form>
      <div className="knobs">
        <label>
          drafter
          <select value={settings.drafter} onChange={(e) => setSettings({ ...settings, drafter: e.target.value })}>
            {DRAFTERS.map((drafter) => (
              <option key={drafter}>{drafter}</option>
            ))}
          </select>
        </label>
        <label>
          tree
          <input type="checkbox" checked={settings.tree} onChange={(e) => setSettings({ ...settings, tree: e.target.checked })} />
        </label>
        <label>
          temperature
          <input
            type="number"
            min={0}
            max={2}
            step={0.1}
            value={settings.temperature}
            onChange={(e) => setSettings({ ...settings, temperature: Number(e.target.value) })}
          />
        </label>
        <label>
          repetition penalty
          <input
            type="number"
            min={0.5}
            max={2}
            step={0.05}
            value={settings.repetitionPenalty}
            onChange={(e) => setSettings({ ...settings, repetitionPenalty: Number(e.target.value) })}
          />
        </label>
      </div>
    </section>
  );
}

/** The last few turns: a small context holds no more. */
function history(turns: Turn[], question: string): Message[] {
  const past = turns
    .filter((t) => !t.problem && t.answer.length > 0)
    .slice(-3)
    .flatMap((t): Message[] => [
      { role: 'user', content: t.question },
      { role: 'assistant', content: t.answer.map((p) => p.text).join('') },
    ]);
  return [...past, { role: 'user', content: question }];
}

function figures(tokens: number, spent: number, speculation?: Speculation): string {
  const parts = [`${tokens} tokens`, `${(tokens / spent).toFixed(0)} a second`];
  if (speculation && speculation.drafted_tokens > 0) {
    parts.push(
      `${speculation.steps} steps`,
      `${speculation.accepted_tokens} of ${speculation.drafted_tokens} drafts accepted`,
      `${speculation.mean_acceptance_length.toFixed(2)} tokens a step`,
    );
  }
  return parts.join(' · ');
}
