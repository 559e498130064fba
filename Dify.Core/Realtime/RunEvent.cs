namespace Dify.Core.Realtime;

/// <summary>One event of a run, already in its wire form.</summary>
/// <param name="Number">1, 2, 3, … without a gap within a run; a watcher that comes back names the last one it saw.</param>
/// <param name="Name">The <c>event</c> field, for filtering without parsing.</param>
/// <param name="Json">The whole object as it goes into <c>data:</c>, on one line.</param>
public readonly record struct RunEvent(long Number, string Name, string Json);
