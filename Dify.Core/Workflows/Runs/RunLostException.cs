namespace Dify.Core.Workflows.Runs;

/// <summary>The run belongs to another life of it, or is gone: nothing of it may be stored from here.</summary>
internal sealed class RunLostException() : Exception("The run was taken over or deleted.");
