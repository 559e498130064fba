/** Arrow keys, Home, End, Enter and Space in a tree whose lines are marked with data-row. */
class TreeKeys {
  constructor(private readonly tree: HTMLElement) {
    tree.addEventListener("keydown", this.onKey);
  }

  dispose(): void {
    this.tree.removeEventListener("keydown", this.onKey);
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    const rows = [...this.tree.querySelectorAll<HTMLElement>("[data-row]")];
    const at = rows.indexOf(event.target as HTMLElement);
    if (at < 0 || event.altKey || event.ctrlKey || event.metaKey) {
      return;
    }
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      rows[at]!.click();
      return;
    }
    const steps: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 };
    const next = rows[steps[event.key] ?? -1];
    if (next) {
      event.preventDefault();
      rows[at]!.tabIndex = -1;
      next.tabIndex = 0;
      next.focus();
    }
  };
}

export function attach(tree: HTMLElement): TreeKeys {
  return new TreeKeys(tree);
}
