namespace Dify.Web.Components.Pages.Studio;

/// <summary>Icons and grounds to choose from. They are data of the app, the same in both themes.</summary>
internal static class IconChoices
{
    public static IReadOnlyList<string> Emojis { get; } =
    [
        "🤖", "💬", "🧠", "📚", "📄", "🔎", "💡", "🛠️", "🎓", "🏥", "⚖️", "💼",
        "📈", "🧾", "🛒", "🏦", "✈️", "🌍", "🗣️", "✍️", "🎨", "🎧", "🔬", "🧪",
        "🧭", "🚀", "🔐", "🗂️", "📅", "☎️", "🙋", "🤝", "🍀", "🐙", "🦉", "⭐",
    ];

    public static IReadOnlyList<string> Backgrounds { get; } =
    [
        "#FFEAD5", "#FEF7C3", "#E4FBCC", "#D3F8DF", "#E0F2FE", "#E0EAFF", "#EFF1F5", "#FBE8FF", "#FCE7F6", "#FFE4E8",
    ];
}
