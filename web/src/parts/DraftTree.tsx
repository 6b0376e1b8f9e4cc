import type { Drafted } from '../api/chat';

interface Node extends Drafted {
  place: number;
  next: Node[];
}

/** What was drafted for the last step: each token behind the one that it follows, accepted ones marked. */
export function DraftTree({ draft }: { draft: Drafted[] }) {
  if (draft.length === 0) return null;
  return (
    <figure className="draft">
      <figcaption>last draft</figcaption>
      <Branches nodes={nest(draft)} />
    </figure>
  );
}

function Branches({ nodes }: { nodes: Node[] }) {
  return (
    <ul>
      {nodes.map((node) => (
        <li key={node.place}>
          {node.accepted ? <mark>{shown(node.text)}</mark> : <del>{shown(node.text)}</del>}
          {node.next.length > 0 && <Branches nodes={node.next} />}
        </li>
      ))}
    </ul>
  );
}

/** The tokens that follow the text, each with those behind it; a parent comes before its children. */
export function nest(draft: Drafted[]): Node[] {
  const nodes = draft.map((token, place): Node => ({ ...token, place, next: [] }));
  const roots: Node[] = [];
  for (const node of nodes) (nodes[node.parent]?.next ?? roots).push(node);
  return roots;
}

/** White space has to be seen. */
function shown(text: string): string {
  return text.replaceAll(' ', '\u00b7').replaceAll('\n', '\u21b5');
}
