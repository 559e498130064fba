using Dify.Core.Common;
using Dify.Core.Workspaces;

namespace Dify.Web.Endpoints;

/// <summary>Roles as the wire spells them.</summary>
internal static class RoleNames
{
    public static string Of(Role role) => role switch
    {
        Role.Owner => "owner",
        Role.Admin => "admin",
        Role.Editor => "editor",
        Role.DatasetOperator => "dataset_operator",
        _ => "normal",
    };

    /// <exception cref="DifyException">400 for a word that is no role.</exception>
    public static Role Parse(string? text) => text switch
    {
        "owner" => Role.Owner,
        "admin" => Role.Admin,
        "editor" => Role.Editor,
        "normal" => Role.Normal,
        "dataset_operator" => Role.DatasetOperator,
        _ => throw DifyException.Invalid("role: use admin, editor, normal or dataset_operator."),
    };
}
