import { useEffect, useState } from 'react';
import { samplers } from '../api/generate';

/** The server's samplers; until they are known, the one that every server has. */
export function useSamplers(): string[] {
  const [names, setNames] = useState(['ddim']);
  useEffect(() => {
    samplers()
      .then((found) => found.length > 0 && setNames(found))
      .catch(() => undefined); // the tile says what is wrong as soon as it draws
  }, []);
  return names;
}
