import { useSyncExternalStore } from 'react';

function listen(changed: () => void) {
  window.addEventListener('hashchange', changed);
  return () => window.removeEventListener('hashchange', changed);
}

/** What stands behind the # of the page's address, which is the page that is shown. */
export const useHash = (): string => useSyncExternalStore(listen, () => window.location.hash.slice(1));
