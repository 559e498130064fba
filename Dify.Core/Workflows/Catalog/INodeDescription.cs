using System.Text.Json.Nodes;

namespace Dify.Core.Workflows.Catalog;

/// <summary>
/// What is known of a node type without running it. Each type declares it beside its code; the check of graphs, the
/// form of a single node and the pages read it. Names and descriptions are texts of the pages, by <see cref="Type"/>.
/// </summary>
public interface INodeDescription
{
    /// <summary>The word of the DSL.</summary>
    string Type { get; }

    NodeCategory Category { get; }

    /// <summary>Names the icon that pages draw.</summary>
    string IconKey { get; }

    /// <summary>Whether one node of this type can be tried by itself.</summary>
    bool RunsAlone => true;

    /// <summary>The settings of a new node, without title and type; a fresh object each time.</summary>
    JsonObject CreateDefaults() => [];

    /// <summary>The same by what the editor wishes, such as <c>{code_language}</c>.</summary>
    JsonObject CreateDefaults(JsonObject wishes) => CreateDefaults();

    /// <summary>Tells the facts of one node. The settings are hostile: any field may be missing or of another kind.</summary>
    void Describe(JsonObject data, NodeFacts facts);
}
