namespace Dify.Core.Workflows.Engine;

/// <summary>Knows the code of each node type.</summary>
public interface INodeFactory
{
    /// <summary>Null for a type that is unknown. An unknown version gives the newest.</summary>
    INode? Find(string type, string version);
}
