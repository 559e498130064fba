namespace Dify.Web.Components.Pages.Workflows.Outline;

/// <summary>Why a lane is taken.</summary>
/// <param name="Kind">The text key <c>Lane.{kind}</c>.</param>
/// <param name="Name">What the author called it, or a number.</param>
public sealed record OutlineLane(string Kind, string Name = "");

/// <summary>One line of an outline.</summary>
/// <param name="Node">Null: a lane that goes straight to <paramref name="GoesOnAt"/>.</param>
/// <param name="Depth">From 0.</param>
/// <param name="Lane">Set on the first line of a lane.</param>
/// <param name="GoesOnAt">Where a lane without nodes of its own leads.</param>
/// <param name="IsDetached">No run reaches it.</param>
public sealed record OutlineRow(DraftNode? Node, int Depth, OutlineLane? Lane = null, DraftNode? GoesOnAt = null, bool IsDetached = false);
