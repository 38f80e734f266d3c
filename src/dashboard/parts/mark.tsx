/** The mark: a goal with a ball in it. */

/** Drawn in the current colours; beside the name it says nothing of its own. */
export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
      <path
        d="M4 20V6.500h16V20"
        fill="none"
        stroke="currentColor"
        stroke-width="2.400"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
      <circle cx="12" cy="15" r="2.800" class="mark-ball" />
    </svg>
  );
}
