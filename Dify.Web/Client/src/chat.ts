import { colourCode } from "./highlighting/codeBlocks";
import { copyText } from "./shared/clipboard";
import { answerMarkdownClick } from "./shared/markdownActions";

export { copyText };

/** How near to the end, in pixels, counts as reading the newest. */
const nearEnd = 48;

/**
 * Looks after the list of messages: colours code as it comes, keeps the newest in view while the reader is at the
 * end, and shows the way back (`data-away` on the panel) once they have scrolled up.
 */
class MessageList {
  private following = true;
  private lastTop = 0;
  private firstTurn: HTMLElement | null = null;
  private firstTurnTop = 0;
  private readonly changes: MutationObserver;
  private readonly sizes: ResizeObserver;

  constructor(private readonly panel: HTMLElement, private readonly scroller: HTMLElement) {
    this.changes = new MutationObserver(() => {
      colourCode(scroller);
      this.keepPlace();
      this.follow();
    });
    this.changes.observe(scroller, { childList: true, subtree: true, characterData: true });
    this.sizes = new ResizeObserver(() => this.follow());
    this.sizes.observe(scroller);
    if (scroller.firstElementChild) {
      this.sizes.observe(scroller.firstElementChild);
    }
    scroller.addEventListener("scroll", this.onScroll, { passive: true });
    panel.addEventListener("click", answerMarkdownClick);
    colourCode(scroller);
    this.keepPlace();
    this.follow();
  }

  toNewest(smooth: boolean): void {
    this.setFollowing(true);
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.scroller.scrollTo({ top: this.scroller.scrollHeight, behavior: smooth && !calm ? "smooth" : "instant" });
  }

  dispose(): void {
    this.changes.disconnect();
    this.sizes.disconnect();
    this.scroller.removeEventListener("scroll", this.onScroll);
    this.panel.removeEventListener("click", answerMarkdownClick);
  }

  private readonly onScroll = (): void => {
    const top = this.scroller.scrollTop;
    const atEnd = this.scroller.scrollHeight - top - this.scroller.clientHeight < nearEnd;
    if (atEnd) {
      this.setFollowing(true);
    } else if (top < this.lastTop - 2) {
      this.setFollowing(false);
    }
    this.lastTop = top;
  };

  /** Earlier messages that come in above must not push away what is being read. */
  private keepPlace(): void {
    const first = this.scroller.querySelector<HTMLElement>("article");
    if (this.firstTurn?.isConnected && first !== this.firstTurn && !this.following) {
      this.scroller.scrollTop += this.firstTurn.offsetTop - this.firstTurnTop;
      this.lastTop = this.scroller.scrollTop;
    }
    this.firstTurn = first;
    this.firstTurnTop = first?.offsetTop ?? 0;
  }

  private follow(): void {
    if (this.following) {
      this.scroller.scrollTop = this.scroller.scrollHeight;
      this.lastTop = this.scroller.scrollTop;
    }
  }

  private setFollowing(following: boolean): void {
    this.following = following;
    this.panel.toggleAttribute("data-away", !following);
  }
}

export function open(panel: HTMLElement): MessageList {
  const scroller = panel.querySelector<HTMLElement>("[data-messages]");
  if (!scroller) {
    throw new Error("The chat panel has no message list.");
  }
  return new MessageList(panel, scroller);
}
