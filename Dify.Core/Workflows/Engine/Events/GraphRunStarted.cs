namespace Dify.Core.Workflows.Engine.Events;

public sealed record GraphRunStarted : GraphEvent;
