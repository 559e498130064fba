namespace Dify.Core.Workspaces.ApiKeys;

public enum ApiKeyKind
{
    /// <summary>Token <c>app-…</c>: one app, all of its end users.</summary>
    App,

    /// <summary>Token <c>dataset-…</c>: every knowledge base that its maker can see.</summary>
    Dataset,
}
