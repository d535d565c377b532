<?php
// Makes an invented blog in a WordPress that was just unpacked, and writes its export with WordPress's own code.
// How: see README.md beside this. Usage: php make.php FOLDER-OF-WORDPRESS OUTPUT.xml PICTURE.jpg
[, $wordpress, $output, $picture] = $argv;
$_SERVER['HTTP_HOST'] = 'blogg.norrvik.example';
define('WP_INSTALLING', true);
define('WP_ADMIN', true);
define('WP_CONTENT_URL', 'https://blogg.norrvik.example/wp-content');
require "$wordpress/wp-config.php";
require_once ABSPATH . 'wp-admin/includes/admin.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
add_filter('pre_wp_mail', '__return_true');
add_filter('locale', fn() => 'sv_SE');
define('WP_SITEURL', 'https://blogg.norrvik.example');
wp_install('Chefens blogg', 'chefen', 'chefen@norrvik.example', true, '', 'ett-langt-losenord', 'sv_SE');
update_option('siteurl', WP_SITEURL);
update_option('home', WP_SITEURL);
update_option('WPLANG', 'sv_SE');
update_option('timezone_string', 'Europe/Stockholm');
$GLOBALS['wp_rewrite']->set_permalink_structure('/%year%/%monthnum%/%postname%/');
foreach (get_posts(['post_type' => 'any', 'numberposts' => -1, 'post_status' => 'any']) as $one) {
    wp_delete_post($one->ID, true);
}
wp_update_user(['ID' => 1, 'display_name' => 'Maja Sund']);
$kim = wp_insert_user(['user_login' => 'kim', 'user_pass' => 'x', 'display_name' => 'Kim Ek', 'role' => 'author']);
$winter = wp_insert_term('Vintern', 'category', ['slug' => 'vintern'])['term_id'];
$letter = wp_insert_term('Veckobrev', 'category', ['slug' => 'veckobrev'])['term_id'];

function post(array $values): int
{
    $id = wp_insert_post(wp_slash($values + ['post_status' => 'publish', 'post_author' => 1]), true);
    return is_wp_error($id) ? exit($id->get_error_message()) : $id;
}

$upload = wp_upload_bits('plog.jpg', null, file_get_contents($picture), '2014/03');
$image = wp_insert_attachment(
    ['post_title' => 'IMG_2034', 'post_mime_type' => 'image/jpeg', 'post_status' => 'inherit', 'post_date' => '2014-03-05 10:00:00'],
    $upload['file'],
);
update_post_meta($image, '_wp_attachment_image_alt', 'En plog på Storgatan');

$snow = post([
    'post_title' => 'Så plogar vi & varför',
    'post_date' => '2014-03-05 11:12:13',
    'post_category' => [$winter],
    'tags_input' => ['snö', 'vägar'],
    'post_content' => "Först skolvägarna, <strong>sedan</strong> resten.\n\n"
        . "[caption id=\"attachment_$image\" align=\"alignnone\" width=\"300\"]"
        . "<img class=\"size-medium wp-image-$image\" src=\"{$upload['url']}\" alt=\"\" width=\"300\" height=\"200\" /> Plogen går ut[/caption]\n\n"
        . "<!--more-->\n\nOch så filmen:\n\nhttps://www.youtube.com/watch?v=abc123XYZ_-\n\n[contact-form-7 id=\"12\" title=\"Fråga\"]",
]);
$blocks = post([
    'post_title' => 'Isen på ån',
    'post_author' => $kim,
    'post_date' => '2019-01-02 08:00:00',
    'post_category' => [$winter, $letter],
    'comment_status' => 'closed',
    'post_content' => "<!-- wp:paragraph -->\n<p>Läs först om <a href=\"" . get_permalink($snow) . "\">plogningen</a>.</p>\n<!-- /wp:paragraph -->\n\n"
        . "<!-- wp:heading -->\n<h2>Tjockleken</h2>\n<!-- /wp:heading -->\n\n"
        . "<!-- wp:list -->\n<ul><!-- wp:list-item -->\n<li>Ån: 12 cm</li>\n<!-- /wp:list-item -->\n\n<!-- wp:list-item -->\n<li>Sjön: 20 cm</li>\n<!-- /wp:list-item --></ul>\n<!-- /wp:list -->\n\n"
        . "<!-- wp:gallery {\"linkTo\":\"none\"} -->\n<figure class=\"wp-block-gallery has-nested-images columns-default is-cropped\"><!-- wp:image {\"id\":$image} -->\n<figure class=\"wp-block-image size-large\"><img src=\"{$upload['url']}\" alt=\"\" class=\"wp-image-$image\"/><figcaption class=\"wp-element-caption\">Plogen igen</figcaption></figure>\n<!-- /wp:image --></figure>\n<!-- /wp:gallery -->\n\n"
        . "<!-- wp:embed {\"url\":\"https://vimeo.com/123456\",\"type\":\"video\",\"providerNameSlug\":\"vimeo\"} -->\n<figure class=\"wp-block-embed is-type-video is-provider-vimeo\"><div class=\"wp-block-embed__wrapper\">\nhttps://vimeo.com/123456\n</div><figcaption>Isen spricker</figcaption></figure>\n<!-- /wp:embed -->\n\n"
        . "<!-- wp:quote -->\n<blockquote class=\"wp-block-quote\"><!-- wp:paragraph -->\n<p>Gå inte ut.</p>\n<!-- /wp:paragraph --><cite>Räddningstjänsten</cite></blockquote>\n<!-- /wp:quote -->\n\n"
        . "<!-- wp:latest-posts /-->",
]);
post(['post_title' => 'Om bloggen', 'post_type' => 'page', 'post_name' => 'om-bloggen', 'post_date' => '2014-01-01 09:00:00', 'post_content' => 'Här skriver jag.', 'post_excerpt' => 'Vem som skriver.']);
post(['post_title' => 'Inte klar', 'post_status' => 'draft', 'post_content' => 'Kanske.']);
post(['post_title' => 'För nämnden', 'post_status' => 'private', 'post_date' => '2015-05-05 09:00:00', 'post_content' => 'Inte för alla.']);
post(['post_title' => 'Låst', 'post_password' => 'lösen', 'post_date' => '2015-06-05 09:00:00', 'post_content' => 'Bakom lås.']);
wp_trash_post(post(['post_title' => 'Slängd', 'post_date' => '2015-07-05 09:00:00', 'post_content' => 'Bort.']));

function say(int $post, string $who, string $words, $approved = 1, int $parent = 0, string $type = 'comment', int $user = 0): int
{
    return wp_insert_comment([
        'comment_post_ID' => $post, 'comment_author' => $who, 'comment_author_email' => strtolower($who) . '@post.example',
        'comment_author_IP' => '192.0.2.77', 'comment_content' => $words, 'comment_approved' => $approved, 'comment_parent' => $parent,
        'comment_type' => $type, 'user_id' => $user, 'comment_date' => '2014-03-06 08:00:00', 'comment_date_gmt' => '2014-03-06 07:00:00',
    ]);
}

$first = say($snow, 'Nisse', "Plogar ni Åvägen?\n\nDet är <em>halt</em>.");
$ours = say($snow, 'Maja', 'Ja, i morgon.', 1, $first, 'comment', 1);
say($snow, 'Nisse', 'Tack!', 1, $ours);
say($snow, 'Vera', 'Väntar på dig', 0);
say($snow, 'Robot', 'Billiga piller http://a.example http://b.example', 'spam');
say($snow, 'Arg', 'Slängt', 'trash');
say($snow, 'Bloggen bredvid', '[…] de plogar […]', 1, 0, 'pingback');

require_once ABSPATH . 'wp-admin/includes/export.php';
ob_start();
export_wp(['content' => 'all']);
file_put_contents($output, ob_get_clean());
