namespace Dify.Core.Workflows.Engine;

/// <summary>The journal of a run could not keep what has finished, so no further node may start. The cause is inside.</summary>
public sealed class JournalFailedException(Exception cause) : Exception(cause?.Message, cause);
