namespace Dify.Core.Workflows.Engine.Events;

/// <param name="Error">For a person.</param>
/// <param name="ErrorCode">A code of <see cref="Common.ErrorCodes"/> when the cause had one.</param>
public sealed record GraphRunFailed(string Error, string? ErrorCode, int ExceptionsCount) : GraphEvent;
