import { useState, type FormEvent } from 'react';
import { key } from '../api/key';

/** Shown where the server knows the key of nobody who calls from here. */
export function KeyForm() {
  const [value, setValue] = useState('');
  const keep = (event: FormEvent) => {
    event.preventDefault();
    key.set(value.trim());
    location.reload();
  };
  return (
    <form className="key" onSubmit={keep}>
      <label>
        This server asks for a key
        <input type="password" autoComplete="current-password" value={value} onChange={(e) => setValue(e.target.value)} />
      </label>
      <button type="submit">Use it</button>
    </form>
  );
}
