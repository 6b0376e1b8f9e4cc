import { useEffect, useState } from 'react';
import { source } from '../api/http';
import { key } from '../api/key';

/** Where an element finds what lies under a path of the API: elements send no key, so that with one it is fetched first. */
export function useSource(path: string): string | undefined {
  const [copy, setCopy] = useState<string>();
  const direct = key.get() === '';

  useEffect(() => {
    if (direct) return;
    let made: string | undefined;
    let gone = false;
    source(path).then(
      (url) => {
        made = url;
        if (gone) URL.revokeObjectURL(url);
        else setCopy(url);
      },
      () => undefined,
    );
    return () => {
      gone = true;
      if (made) URL.revokeObjectURL(made);
    };
  }, [path, direct]);

  return direct ? path : copy;
}
