namespace Dify.Core.Workflows.Definitions;

/// <summary>How the engine treats a node when it has run.</summary>
public enum NodeKind
{
    /// <summary>All outgoing edges are taken.</summary>
    Executable,

    /// <summary>A run may begin here.</summary>
    Root,

    /// <summary>Only the edges of the chosen handle are taken.</summary>
    Branch,

    /// <summary>Its outputs are outputs of the run, and its template is streamed.</summary>
    Response,

    /// <summary>Runs a graph of its own.</summary>
    Container,
}
